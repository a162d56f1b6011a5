SELECT as_of FROM snapshot

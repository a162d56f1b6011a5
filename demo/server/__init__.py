"""How the sample newsroom is served: layout (files → models) → schedule (what is shown when) → pages and feeds (bytes) → proxy (HTTP)."""

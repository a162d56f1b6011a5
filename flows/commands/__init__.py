"""What the commands of the command line do: running passes, looking at results, looking after the archive, trying single stages."""

"""What the commands of the command line do, in three modules: running passes, looking at results, trying single stages."""

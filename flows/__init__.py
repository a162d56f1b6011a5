"""The only room that knows Prefect, the environment and the outside world: flows, collectors, schedules, command line."""

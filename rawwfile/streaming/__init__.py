"""What handlers use to stream: waits, long polls, event streams, resources, templates."""

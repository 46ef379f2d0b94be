"""What everything stands on: names of things, files, places, processes, output. Nothing here knows what is asked."""

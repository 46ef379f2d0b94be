"""The network as one HTML page that shows itself: layout, drawing, and the scripts that make it move."""

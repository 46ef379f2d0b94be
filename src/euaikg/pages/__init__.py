"""Pages: what people see of a release in a browser, from the templates beside the code."""

"""What a picture shows, before anything is drawn: things and relations, their labels, amounts and looks."""

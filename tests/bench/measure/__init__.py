"""How the program and its peers are measured: a section a file, over shared pieces."""

"""Models and output caps that one source file names, and the files of prompts that it sends."""

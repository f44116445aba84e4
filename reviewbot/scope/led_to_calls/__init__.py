"""What a change of Python leads to: the calls of models that send, or ask for, more than before."""

"""The configuration file: its values (`amounts`), its shape (`shape`) and what it says (`settings`)."""

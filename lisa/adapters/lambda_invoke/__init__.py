"""Functions of AWS Lambda, asked for something and not waited for."""

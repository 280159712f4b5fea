"""The workbook: a run's statements as an Excel file with live formulas, for whoever signs them.

Import from `memberlab.results`, which loads these files when a name is first asked for.
"""

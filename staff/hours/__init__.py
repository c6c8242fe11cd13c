"""When the company works: its week, its holidays, and how deadlines count in business hours.

`from staff.hours.loading import load` reads the calendar, which is a `BusinessHours`.
"""

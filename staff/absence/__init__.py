"""Who is away, and who acts for them meanwhile.

`staff.absence.lifecycle` sets and ends absences; `staff.absence.acting` answers who acts.
"""

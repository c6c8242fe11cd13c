"""The second step of signing in: a code from an app, or one of the recovery codes.

`User.second_step_since` says whether somebody has it, and binds every session to it: turning it on
or off, or having it reset, ends the sessions on other devices.
"""

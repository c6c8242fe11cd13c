"""What other systems tell of orders and stock: each message once, whenever and however it comes.

* `messages` a message, the order that it is about, and whether it came before
* `contents` what a message of each kind says, checked and put into one form
* `acts` which verb a message calls
* `waiting` what can still come, so that a message waits for it instead of being refused
* `lifecycle` taking messages in, letting those that waited take their turn, trying and dismissing
"""

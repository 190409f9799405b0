"""How a schema is spelled: the layout tree, its token form, and the way back from a value."""

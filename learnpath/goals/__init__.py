"""Goals: co-created, co-signed, followed week by week."""

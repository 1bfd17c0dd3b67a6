"""What every page shares: who asks, the rules of routes, security headers, translations, errors."""

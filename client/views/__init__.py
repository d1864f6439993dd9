"""The pages, a module for each group; every form ends in a redirect (303) or in itself with what is wrong."""

"""Helpers of the tests: real repositories, servers and inputs; nothing here is a test."""

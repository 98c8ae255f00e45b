import sys
sys.modules['__main__'].tracked = 1

name = 'settings'
numbers = [1, 2, 3]
numbers.append(010)

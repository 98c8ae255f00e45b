CherryClass Root:
variable:
   a = 1
   b = [2,
         3]
function:
   def help(self, x):
      if x:
         return 'yes'
      else:
       return 'no'
view:
   def index(self):
      r = ''
      for i in self.b:
         if i == 2:
            r = r + self.help(i == 2)
         else:
				r = r + 'tab'
      return r
mask:
   def page(self):
      none
       one
        two
         three
      <py-for="i in range(2)">
         <py-eval="i">
      </py-for>
      <py-code="
         x = 0
         for i in range(3):
            x = x + i
      ">
      <py-eval="x">
      <py-include="inc.html">
aspect:
   (method.type == 'view') start:
      pass
CherryClass Child(Root):
view:
   def deep(self):
      text = '''a
         b
      c'''
      return text

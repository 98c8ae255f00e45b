CherryClass Root:
view:
 def index(self, n='3'):
  r = []
  for i in range(int(n)):
   if i % 2:
    r.append(i)
   else:
    r.append(-i)
  return str(r)
mask:
 def page(self):
  a
   b
    c
  <py-if="1">
   <py-eval="'x'">
  </py-if>

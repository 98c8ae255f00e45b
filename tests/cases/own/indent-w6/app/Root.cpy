CherryClass Root:
view:
      def index(self):
            if 1:
                  return 'six'
mask:
	def page(self):
		tabs
            blanks
               three more
	      mixed

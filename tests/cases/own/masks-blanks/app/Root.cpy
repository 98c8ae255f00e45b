CherryClass Root:    
mask:        # a comment after four blanks
    def index(self):   
        a   
         b
            c    
        
        # gone
            # gone too
        d # stays
        #menu { color: red }
        e	tab	inside  
		tabbed
			deeper
    	mixed one
	    mixed two
        <pre>
            keep   these    blanks
        </pre>

    def empty(self):
    def onlyComment(self):
        # nothing
    def oneTag(self):
        <py-eval="1">
    def noNewline(self):
        x<py-eval="">
    def evalOnLine(self):
        <py-eval="'a'"> <py-eval="'b'">
            <py-eval="'c'">    
        <py-eval="'d'"/>
        <py-eval="'e'" />
        <py-exec="x = 1">
        <py-exec="x = 2"/>
        <py-exec="x = 3" /><py-eval="x">
        <div py-exec="x = 4"></div>
        <py-eval="x">
    def loops(self):
        <py-for="i in range(3)">
            <py-eval="i">
        </py-for>
        <py-for="i in range(3)"><py-eval="i">
        </py-for>
        <py-for="i in range(3)">
        <py-eval="i"></py-for>
        <div py-for="i in range(2)">
            <py-eval="i">
        </div>
    def conditions(self):
        <py-if="1">
            yes
        </py-if>
        <py-if="0">
            yes
        </py-if>
        <py-else>
            no
        </py-else>
        x<py-if="1">y</py-if>   
        <py-else>n</py-else>z
        x<py-if="0">y</py-if><py-else></py-else>z
    def text(self):
        back\slash \n \t \\ %s %d %% 100%
        'single' "double" '''triple''' """triple"""
        $dollar ${x} {0} {x} `tick` @at
        <!-- comment <py-eval="'in comment'"> -->
        <script>if (a < b && c > d) { x = "<py-eval="1+1">"; }</script>
        &amp; &nbsp; &#233;
        </py-nothing> <py-unknown="x"> py if else for
        trailing backslash \
        after
view:
    def doc(self):
        return '''first

            # not there
        second   
		tab
          '''
    def cont(self):
        x = 1 + \
            2
        y = ('a'
            'b')
        z = {'k': [1,
                   2],
            }
        if x == 3 and \
           y == 'ab': 
            return 'ok %s' % z
        return 'no'
    def oneLine(self): return "one"
    def after(self) :
        return 'x'

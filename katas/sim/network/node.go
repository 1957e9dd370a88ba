package network

// Node is a process of the cluster, from when it is started until it dies. It is safe for use by many goroutines.
type Node struct {
	network *Network
	name    string
	inbox   chan Message
	dead    chan struct{}
	gone    bool // under the network's mu
}

// inboxSize is how many messages may wait to be received. A network loses what nobody takes.
const inboxSize = 1024

func newNode(n *Network, name string) *Node {
	return &Node{network: n, name: name, inbox: make(chan Message, inboxSize), dead: make(chan struct{})}
}

// Name is the name that the node was started under.
func (n *Node) Name() string { return n.name }

// Send sends a message. It waits for nothing and says nothing of what becomes of it: who wants to know asks for an
// answer, and may not get one.
func (n *Node) Send(to string, body any) {
	n.network.send(n, Message{From: n.name, To: to, Body: body})
}

// Inbox is where messages arrive, in the order in which they do. It is never closed.
func (n *Node) Inbox() <-chan Message { return n.inbox }

// Dead is closed when the node dies.
func (n *Node) Dead() <-chan struct{} { return n.dead }

package mutation

var timerOperators = []Operator{
	{ID: "drop-stop", Family: Concurrency, About: "a timer or ticker is not stopped",
		find: dropsCall("(*time.Timer).Stop", "(*time.Ticker).Stop")},
}

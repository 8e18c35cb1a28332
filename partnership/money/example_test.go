package money_test

import (
	"fmt"

	"github.com/rapport-dev/rapport/partnership/money"
)

// Amounts are integers of the currency's smallest unit, read and written exactly.
func Example() {
	price, err := money.Parse("36.50", "USD")
	if err != nil {
		panic(err)
	}
	fmt.Println(price, money.Format(price, "USD"), money.Display(price, "USD"))

	_, err = money.Parse("36.505", "USD")
	fmt.Println(err)
	// Output:
	// 3650 36.50 $36.50
	// at most 2 decimals are allowed in USD
}

// A commission is rounded once, half away from zero.
func ExampleShareBPS() {
	fmt.Println(money.ShareBPS(3650, 290)) // 2.9 % of $36.50 is $1.0585
	// Output: 106
}

// What refunds take back is reckoned from all that was refunded so far: three thirds take back exactly the whole.
func ExampleRefundShare() {
	const commission, total = 100, 999
	var before int64
	for _, refunded := range []int64{333, 666, 999} {
		all := money.RefundShare(commission, refunded, total)
		fmt.Print(all-before, " ")
		before = all
	}
	fmt.Println("=", before)
	// Output: 33 34 33 = 100
}

// The parts of a split always sum to the whole.
func ExampleAllocate() {
	fmt.Println(money.Allocate(100, []int64{1, 1, 1}))
	// Output: [34 33 33]
}

// A provider may not carry a currency's smallest unit: the rest waits for the next payout.
func ExamplePayable() {
	fmt.Println(money.Payable(1234, "KWD", "stripe"))
	// Output: 1230 4
}

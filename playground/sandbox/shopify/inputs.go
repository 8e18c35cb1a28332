package shopify

// inputTypes are the input types of Shopify's Admin API 2026-10 that the sandbox checks field by field.
var inputTypes = map[string]map[string]string{
	"DraftOrderInput": {
		"acceptAutomaticDiscounts": "Boolean", "allowDiscountCodesInCheckout": "Boolean", "appliedDiscount": "DraftOrderAppliedDiscountInput",
		"billingAddress": "MailingAddressInput", "customAttributes": "[AttributeInput!]", "customerId": "ID", "deposit": "DepositInput",
		"discountCodes": "[String!]", "email": "String", "lineItems": "[DraftOrderLineItemInput!]", "localizationExtensions": "Any", "localizedFields": "Any",
		"marketRegionCountryCode": "Enum", "metafields": "Any", "note": "String", "paymentTerms": "Any", "phone": "String", "poNumber": "String",
		"presentmentCurrencyCode": "Enum", "purchasingEntity": "Any", "reserveInventoryUntil": "DateTime", "sessionToken": "String",
		"shippingAddress": "MailingAddressInput", "shippingLine": "Any", "sourceName": "String", "tags": "[String!]", "taxExempt": "Boolean",
		"transformerFingerprint": "String", "useCustomerDefaultAddress": "Boolean", "visibleToCustomer": "Boolean",
	},
	"DraftOrderLineItemInput": {
		"appliedDiscount": "DraftOrderAppliedDiscountInput", "bundleComponents": "Any", "components": "Any", "customAttributes": "[AttributeInput!]",
		"generatePriceOverride": "Boolean", "grams": "Int", "originalUnitPrice": "Money", "originalUnitPriceWithCurrency": "MoneyInput",
		"priceOverride": "MoneyInput", "quantity": "Int!", "requiresShipping": "Boolean", "sku": "String", "taxable": "Boolean", "title": "String",
		"uuid": "String", "variantId": "ID", "weight": "WeightInput",
	},
	"DraftOrderAppliedDiscountInput": {
		"amount": "Money", "amountWithCurrency": "MoneyInput", "description": "String", "title": "String", "value": "Float!", "valueType": "Enum!",
	},
	"MoneyInput":     {"amount": "Decimal!", "currencyCode": "Enum!"},
	"WeightInput":    {"value": "Float!", "unit": "Enum!"},
	"AttributeInput": {"key": "String!", "value": "String!"},
	"MailingAddressInput": {
		"address1": "String", "address2": "String", "city": "String", "company": "String", "country": "String", "countryCode": "Enum", "firstName": "String",
		"id": "ID", "lastName": "String", "phone": "String", "province": "String", "provinceCode": "String", "zip": "String",
	},
	"WebhookSubscriptionInput": {
		"callbackUrl": "URL", "filter": "String", "format": "Enum", "includeFields": "[String!]", "metafieldNamespaces": "[String!]", "metafields": "Any", "name": "String", "uri": "String",
	},
	"DraftOrderDeleteInput":        {"id": "ID!"},
	"OrderCancelRefundMethodInput": {"originalPaymentMethodsRefund": "Boolean", "storeCreditRefund": "Any"},
	"DiscountCodeBasicInput": {
		"appliesOncePerCustomer": "Boolean", "code": "String", "combinesWith": "DiscountCombinesWithInput", "context": "DiscountContextInput",
		"customerGets": "DiscountCustomerGetsInput", "customerSelection": "DiscountCustomerSelectionInput", "endsAt": "DateTime",
		"minimumRequirement": "Any", "recurringCycleLimit": "Int", "startsAt": "DateTime", "tags": "[String!]", "title": "String", "usageLimit": "Int",
	},
	"DiscountCombinesWithInput": {
		"orderDiscounts": "Boolean", "productDiscounts": "Boolean", "productDiscountsWithTagsOnSameCartLine": "Any", "shippingDiscounts": "Boolean",
	},
	"DiscountContextInput":           {"all": "Enum", "customerSegments": "Any", "customers": "Any", "markets": "Any"},
	"DiscountCustomerSelectionInput": {"all": "Boolean", "customerSegments": "Any", "customers": "Any"},
	"DiscountCustomerGetsInput": {
		"appliesOnOneTimePurchase": "Boolean", "appliesOnSubscription": "Boolean", "items": "DiscountItemsInput", "value": "DiscountCustomerGetsValueInput",
	},
	"DiscountCustomerGetsValueInput": {"discountAmount": "Any", "discountOnQuantity": "Any", "percentage": "Float"},
	"DiscountItemsInput":             {"all": "Boolean", "collections": "Any", "products": "Any"},
}

func text(m map[string]any, name string) string {
	s, _ := m[name].(string)
	return s
}

func items(v any) []any {
	l, _ := v.([]any)
	return l
}

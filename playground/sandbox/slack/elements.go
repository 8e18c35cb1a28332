package slack

import (
	"fmt"
	"slices"
	"time"
)

// What may stand in an input block, and what may not: a text field is not for a message, a button not for a form's field.
var (
	textInputs = []string{"plain_text_input", "number_input", "email_text_input", "url_text_input", "file_input", "rich_text_input"}
	choices    = []string{
		"static_select", "multi_static_select", "external_select", "multi_external_select", "users_select", "multi_users_select", "conversations_select",
		"multi_conversations_select", "channels_select", "multi_channels_select", "datepicker", "datetimepicker", "timepicker", "checkboxes", "radio_buttons",
	}
	presses = []string{"button", "overflow", "image", "workflow_button"}
)

// mostOptions is how many each kind of choice may offer.
var mostOptions = map[string]int{"static_select": 100, "multi_static_select": 100, "radio_buttons": 10, "checkboxes": 10, "overflow": 5}

func (c *kitCheck) elements(at string, b kitObject, most int) {
	es := b.objects("elements")
	if len(es) < 1 || len(es) > most {
		c.fail(at+"/elements", "must have 1 to %d items", most)
	}
	for i, e := range es {
		c.element(fmt.Sprintf("%s/elements/%d", at, i), e, false)
	}
}

// element checks what a person presses or fills in; asInput is the one of an input block.
func (c *kitCheck) element(at string, e kitObject, asInput bool) {
	kind := e.text("type")
	if fits := slices.Contains(choices, kind) || slices.Contains(textInputs, kind) && asInput || slices.Contains(presses, kind) && !asInput; !fits {
		c.fail(at, "unsupported type: %s", kind)
		return
	}
	c.atMost(at, e, "action_id", 255)
	if id := e.text("action_id"); id != "" {
		if c.actions[id] {
			c.fail(at+"/action_id", "action_id %q already exists", id)
		}
		c.actions[id] = true
	}
	if e["placeholder"] != nil {
		c.composition(at+"/placeholder", e, "placeholder", 150, "plain_text")
	}
	if confirm, ok := e.object("confirm"); ok {
		c.confirm(at+"/confirm", confirm)
	}
	switch kind {
	case "button":
		c.button(at, e)
	case "image":
		c.image(at, e)
	case "plain_text_input":
		c.textInput(at, e)
	case "file_input":
		c.fileInput(at, e)
	case "datepicker":
		if day := e.text("initial_date"); day != "" {
			if _, err := time.Parse(time.DateOnly, day); err != nil {
				c.fail(at+"/initial_date", "must be a date like 2026-12-01")
			}
		}
	case "number_input":
		if _, ok := e["is_decimal_allowed"].(bool); !ok {
			c.fail(at, "missing required field: is_decimal_allowed")
		}
	}
	if most := mostOptions[kind]; most > 0 {
		c.options(at, e, most)
	}
}

// maxInput is the most that a text field takes.
const maxInput = 3000

func (c *kitCheck) textInput(at string, e kitObject) {
	least, most := whole(e, "min_length", 0), whole(e, "max_length", maxInput)
	if most < 1 || most > maxInput {
		c.fail(at+"/max_length", "must be from 1 to %d", maxInput)
	}
	if least < 0 || least > most {
		c.fail(at+"/min_length", "must be from 0 to max_length")
	}
	if length(e.text("initial_value")) > most {
		c.fail(at+"/initial_value", "must be less than %d characters", most+1)
	}
}

// fileInput is a modal's alone.
func (c *kitCheck) fileInput(at string, e kitObject) {
	if !c.view {
		c.fail(at, "unsupported type: file_input in a message")
	}
	if most := whole(e, "max_files", 10); most < 1 || most > 10 {
		c.fail(at+"/max_files", "must be from 1 to 10")
	}
	if kinds, given := e["filetypes"].([]any); given && len(kinds) == 0 {
		c.fail(at+"/filetypes", "must have at least 1 item")
	}
}

// whole is a number of an object, absent when it is not there.
func whole(o kitObject, name string, absent int) int {
	if n, ok := o[name].(float64); ok {
		return int(n)
	}
	return absent
}

// options checks a choice's options, alone or in groups, and that what is chosen at first is among them.
func (c *kitCheck) options(at string, e kitObject, most int) {
	offered := map[string]bool{}
	check := func(at string, o kitObject) {
		n := len(o.objects("options"))
		if n < 1 || n > most {
			c.fail(at+"/options", "must have 1 to %d items", most)
		}
		for i, option := range o.objects("options") {
			c.option(fmt.Sprintf("%s/options/%d", at, i), option)
			offered[option.text("value")] = true
		}
	}
	groups := e.objects("option_groups")
	if len(groups) > 100 {
		c.fail(at+"/option_groups", "no more than 100 items allowed")
	}
	for i, g := range groups {
		at := fmt.Sprintf("%s/option_groups/%d", at, i)
		c.composition(at+"/label", g, "label", 75, "plain_text")
		check(at, g)
	}
	if len(groups) == 0 {
		check(at, e)
	}
	chosen := e.objects("initial_options")
	if first, ok := e.object("initial_option"); ok {
		chosen = append(chosen, first)
	}
	for _, o := range chosen {
		if !offered[o.text("value")] {
			c.fail(at+"/initial_option", "must be one of the options")
		}
	}
}

func (c *kitCheck) option(at string, o kitObject) {
	c.composition(at+"/text", o, "text", 75)
	if n := length(o.text("value")); n < 1 || n > 150 {
		c.fail(at+"/value", "must have 1 to 150 characters")
	}
	if o["description"] != nil {
		c.composition(at+"/description", o, "description", 75, "plain_text")
	}
}

func (c *kitCheck) button(at string, e kitObject) {
	c.composition(at+"/text", e, "text", 75, "plain_text")
	c.atMost(at, e, "value", 2000)
	c.atMost(at, e, "url", 3000)
	c.atMost(at, e, "accessibility_label", 75)
	c.style(at, e)
}

func (c *kitCheck) confirm(at string, o kitObject) {
	c.composition(at+"/title", o, "title", 100, "plain_text")
	c.composition(at+"/text", o, "text", 300)
	c.composition(at+"/confirm", o, "confirm", 30, "plain_text")
	c.composition(at+"/deny", o, "deny", 30, "plain_text")
	c.style(at, o)
}

func (c *kitCheck) style(at string, o kitObject) {
	if style, given := o["style"]; given && style != "primary" && style != "danger" {
		c.fail(at+"/style", "value must be one of primary, danger")
	}
}

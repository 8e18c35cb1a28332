package intake

import "github.com/goccy/go-yaml"

// ReadDocument reads YAML as its keys and values, whatever they say.
func ReadDocument(text []byte) (doc map[string]any, err error) {
	err = yaml.Unmarshal(text, &doc)
	return doc, err
}

// WriteDocument writes keys and values as YAML.
func WriteDocument(doc map[string]any) ([]byte, error) {
	return yaml.MarshalWithOptions(doc, yaml.UseSingleQuote(false))
}

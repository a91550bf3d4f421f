package tokenizer

import (
	"encoding/json"
	"fmt"
	"slices"
)

// readTemplate reads the post-processor of a document.
func (c *coder) readTemplate(s *stage) error {
	c.template = plainTemplate()
	stages, err := flatten(s, "processors")
	if err != nil {
		return fmt.Errorf("post-processor: %w", err)
	}
	for _, s := range stages {
		switch s.Type {
		case "ByteLevel": // trims offsets, which the model does
		case "BertProcessing", "RobertaProcessing":
			err = c.readProcessing(s)
		case "TemplateProcessing":
			err = c.readSlots(s)
		default:
			err = fmt.Errorf("type %q is not known, expected TemplateProcessing, BertProcessing, RobertaProcessing or ByteLevel", s.Type)
		}
		if err != nil {
			return fmt.Errorf("post-processor: %w", err)
		}
	}
	return c.checkTemplate()
}

// checkTemplate sees that the template names ids of the vocabulary.
func (c *coder) checkTemplate() error {
	for _, s := range slices.Concat(c.template.single, c.template.pair) {
		if s.text == 0 && c.Token(s.id) == "" {
			return fmt.Errorf("post-processor: special token id %d is not in the vocabulary of %d", s.id, c.Size())
		}
	}
	return nil
}

// readProcessing reads {"sep": ["</s>", 2], "cls": ["<s>", 0]}.
func (c *coder) readProcessing(s *stage) error {
	var f struct{ Sep, Cls pairOfTokenAndID }
	if err := s.read(&f); err != nil {
		return err
	}
	if s.Type == "BertProcessing" {
		c.template = bertTemplate(f.Cls.id, f.Sep.id)
	} else {
		c.template = robertaTemplate(f.Cls.id, f.Sep.id)
	}
	return nil
}

// A pairOfTokenAndID is the JSON array ["</s>", 2].
type pairOfTokenAndID struct {
	token string
	id    int32
}

// UnmarshalJSON reads the array.
func (p *pairOfTokenAndID) UnmarshalJSON(b []byte) error {
	parts := []any{&p.token, &p.id}
	if err := json.Unmarshal(b, &parts); err != nil {
		return err
	}
	if len(parts) != 2 {
		return fmt.Errorf("found %d entries, expected a token and its id", len(parts))
	}
	return nil
}

// A templateSlot is one entry of "single" or "pair" of TemplateProcessing.
type templateSlot struct {
	Special *struct {
		ID   string `json:"id"`
		Type int32  `json:"type_id"`
	} `json:"SpecialToken"`
	Sequence *struct {
		ID   string `json:"id"`
		Type int32  `json:"type_id"`
	} `json:"Sequence"`
}

// readSlots reads TemplateProcessing.
func (c *coder) readSlots(s *stage) error {
	var f struct {
		Single  []templateSlot `json:"single"`
		Pair    []templateSlot `json:"pair"`
		Special map[string]struct {
			IDs []int32 `json:"ids"`
		} `json:"special_tokens"`
	}
	if err := s.read(&f); err != nil {
		return err
	}
	ids := make(map[string][]int32, len(f.Special))
	for name, t := range f.Special {
		ids[name] = t.IDs
	}
	var err error
	if c.template.single, err = toSlots(f.Single, ids); err != nil {
		return err
	}
	c.template.pair, err = toSlots(f.Pair, ids)
	return err
}

// toSlots translates one template, looking the special tokens up in ids.
func toSlots(from []templateSlot, ids map[string][]int32) ([]slot, error) {
	var out []slot
	for _, s := range from {
		switch {
		case s.Special != nil:
			known, ok := ids[s.Special.ID]
			if !ok {
				return nil, fmt.Errorf("the template names %q, which is not under special_tokens", s.Special.ID)
			}
			for _, id := range known {
				out = append(out, slot{id: id, kind: s.Special.Type})
			}
		case s.Sequence != nil && s.Sequence.ID == "A":
			out = append(out, slot{text: 1, kind: s.Sequence.Type})
		case s.Sequence != nil && s.Sequence.ID == "B":
			out = append(out, slot{text: 2, kind: s.Sequence.Type})
		default:
			return nil, fmt.Errorf("the template has an entry that is neither a special token nor sequence A or B")
		}
	}
	return out, nil
}

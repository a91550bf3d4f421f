package tokenizer

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// maxFile is the largest vocabulary file we read; the largest published one
// is below 20 MB.
const maxFile = 64 << 20

// A layout is one set of files a tokenizer is published in.
type layout struct {
	files []string
	read  func(folder) (Tokenizer, error)
}

// layouts in the order of preference.
var layouts = []layout{
	{[]string{"tokenizer.json"}, openDocument},
	{[]string{"vocab.txt"}, openVocabText},
	{[]string{"vocab.json", "merges.txt"}, openMerges},
	{[]string{"spiece.model"}, openSpiece},
	{[]string{openaiVocab, openaiMerges}, openOpenAI},
	{[]string{charactersFile}, openCharacters},
	{[]string{"options.json"}, openElmo},
	{[]string{wordsFile}, openWords},
}

// Open reads the tokenizer of a model folder: tokenizer.json, else vocab.txt,
// else vocab.json with merges.txt, else spiece.model, else GPT-1's
// encoder_bpe_40000.json with vocab_40000.bpe, else ELMo's options.json, else
// the words.txt or characters.json that Words and Characters save.
// tokenizer_config.json and config.json in the same folder settle what the
// vocabulary leaves open.
func Open(fsys fs.FS) (Tokenizer, error) {
	f := folder{FS: fsys}
	if err := f.readConfig(); err != nil {
		return nil, err
	}
	for _, l := range layouts {
		if f.has(l.files) {
			return l.read(f)
		}
	}
	return nil, fmt.Errorf("tokenizer: the folder has none of tokenizer.json, vocab.txt, vocab.json with merges.txt, "+
		"spiece.model, %s with %s, options.json, %s, %s: %w", openaiVocab, openaiMerges, charactersFile, wordsFile, fs.ErrNotExist)
}

// OpenFile reads one tokenizer.json, vocab.txt or spiece.model, under any
// name; files beside it are looked at as Open does.
func OpenFile(path string) (Tokenizer, error) {
	dir, name := filepath.Split(path)
	if dir == "" {
		dir = "."
	}
	f := folder{FS: os.DirFS(dir), name: name}
	if err := f.readConfig(); err != nil {
		return nil, err
	}
	read := openVocabText
	switch filepath.Ext(name) {
	case ".json":
		read = openDocument
	case ".model":
		read = openSpiece
	}
	return read(f)
}

// A folder is a model folder.
type folder struct {
	fs.FS
	name   string // the vocabulary file, "" for the usual name
	config config
}

// config is what tokenizer_config.json and config.json say, as far as we
// look; tokenizer_config.json is read last and wins.
type config struct {
	ModelType    string `json:"model_type"`      // "bert", "gpt2", "roberta", ...
	Class        string `json:"tokenizer_class"` // "BertTokenizer", ...
	LowerCase    *bool  `json:"do_lower_case"`
	StripAccents *bool  `json:"strip_accents"`
	CJK          *bool  `json:"tokenize_chinese_chars"`
}

func (f *folder) readConfig() error {
	for _, name := range []string{"config.json", "tokenizer_config.json"} {
		b, err := f.read(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = json.Unmarshal(b, &f.config)
		}
		if err != nil {
			return fmt.Errorf("tokenizer: %s: %w", name, err)
		}
	}
	return nil
}

// has reports whether the folder has all the files.
func (f *folder) has(files []string) bool {
	for _, name := range files {
		if _, err := fs.Stat(f.FS, name); err != nil {
			return false
		}
	}
	return true
}

// read returns the whole of one file.
func (f *folder) read(name string) ([]byte, error) {
	r, err := f.Open(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err == nil && len(b) > maxFile {
		err = fmt.Errorf("the file is larger than %d bytes, expected a vocabulary", maxFile)
	}
	return b, err
}

// file returns the vocabulary file's name and contents.
func (f *folder) file(usual string) (string, []byte, error) {
	name := usual
	if f.name != "" {
		name = f.name
	}
	b, err := f.read(name)
	if err != nil {
		return name, nil, fmt.Errorf("tokenizer: %s: %w", name, err)
	}
	return name, b, nil
}

// openDocument reads tokenizer.json.
func openDocument(f folder) (Tokenizer, error) {
	name, b, err := f.file("tokenizer.json")
	if err != nil {
		return nil, err
	}
	var d document
	if err := json.Unmarshal(b, &d); err != nil {
		return nil, fmt.Errorf("tokenizer: %s: %w", name, err)
	}
	d.Version = "1.0"
	if d.Model == nil {
		return nil, fmt.Errorf("tokenizer: %s: found no field \"model\", expected a tokenizer.json", name)
	}
	fields, err := d.fields()
	if err != nil {
		return nil, fmt.Errorf("tokenizer: %s: %w", name, err)
	}
	return named(name)(build(d, fields))
}

// named puts the file's name before an error of build.
func named(name string) func(*coder, error) (Tokenizer, error) {
	return func(c *coder, err error) (Tokenizer, error) {
		if err != nil {
			return nil, fmt.Errorf("tokenizer: %s: %w", name, err)
		}
		return c, nil
	}
}

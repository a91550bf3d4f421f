package pretrain

import (
	"context"
	"fmt"
	"io/fs"
	"math"
	"time"

	"defrost/engine/backbone"
	"defrost/engine/batch"
	"defrost/engine/nn"
	"defrost/engine/op"
	"defrost/engine/optim"
	"defrost/engine/tokenizer"
)

// Options say how a student is made.
type Options struct {
	Teacher fs.FS
	Corpus  []Source
	Out     string // folder of the student

	Vocabulary                        int // tokens
	Layers, Width, Heads, FFN, Length int // shape of the student

	Tokens      int     // student tokens to see in all
	BatchTokens int     // student tokens per step, about
	LR          float64 // peak
	Seed        int64
	SaveEvery   time.Duration
}

// DefaultOptions are those the embedded pocket-bert was made with.
func DefaultOptions() Options {
	return Options{
		Vocabulary: 9216, Layers: 4, Width: 256, Heads: 4, FFN: 1024, Length: 128,
		Tokens: 4_500_000, BatchTokens: 1024, LR: 2e-3, Seed: 7, SaveEvery: 2 * time.Minute,
	}
}

// Progress is what pre-training reports.
type Progress struct {
	Phase      string  `json:"phase,omitempty"` // "words" while embeddings are fitted to a teacher's
	Step       int     `json:"step"`
	Tokens     int     `json:"tokens"`               // student tokens seen
	Loss       float64 `json:"loss"`                 // mean since the last report
	Dev        float64 `json:"dev"`                  // loss on held-out sentences, 0 when not measured
	Perplexity float64 `json:"perplexity,omitempty"` // exp(Dev) of a language model
	LR         float64 `json:"lr"`
	Seconds    float64 `json:"seconds"`
}

// Constants of the recipe; each was chosen by short trials on held-out loss and frozen probes.
const (
	heldSentences = 400
	sampleTokens  = 40_000 // teacher tokens that the space is measured on
	sentenceScale = 3      // weight of the sentences' term: their means vary a third as much as words
	distilBeta2   = 0.98   // a short run needs a short memory
	warmupTokens  = 50_000
	reportEvery   = 50 // steps
	devEvery      = 500
	longestWords  = 60 // words of a sentence
)

// A distiller is one pre-training run.
type distiller struct {
	o       Options
	teacher *teacher
	tok     tokenizer.Tokenizer
	bb      backbone.Backbone
	family  backbone.Family
	readout nn.Linear // (D, H)
	space   space
	prog    *nn.Program
	dev     *nn.Program
	groups  []optim.Group
	opt     optim.Optimizer
	params  []*nn.Param

	train, held []string
	at          int // position in train
	step, seen  int
	began       time.Time
	before      float64
}

// Distil trains a student and writes it to o.Out, where an unfinished run is resumed.
func Distil(ctx context.Context, o Options, report func(Progress)) error {
	d := &distiller{o: o, began: time.Now()}
	if err := d.prepare(); err != nil {
		return err
	}
	return d.run(ctx, report)
}

func (d *distiller) prepare() (err error) {
	if d.teacher, err = openTeacher(d.o.Teacher); err != nil {
		return err
	}
	d.train, d.held = Mix(d.o.Corpus, uint64(d.o.Seed), heldSentences)
	if d.tok, err = d.vocabulary(); err != nil {
		return err
	}
	if d.bb, d.family, err = d.student(); err != nil {
		return err
	}
	if err := d.place(); err != nil {
		return err
	}
	if err := d.build(); err != nil {
		return err
	}
	return d.restore()
}

// place measures the teacher's space and fills the student's weights from the seed and from it.
func (d *distiller) place() error {
	var sample []float32
	for from := 0; len(sample) < sampleTokens*d.teacher.width && from < len(d.train); from += 32 {
		states, err := d.teacher.wordStates(d.sentences(d.teacher.tok, d.train[from:min(from+32, len(d.train))]))
		if err != nil {
			return err
		}
		sample = append(sample, states...)
	}
	var err error
	if d.space, err = newSpace(sample, d.teacher.width, d.o.Width, uint64(d.o.Seed)); err != nil {
		return err
	}
	d.readout = nn.NewLinear(d.o.Width, d.teacher.width)
	d.params = append(backbone.Params(d.bb), nn.Params("readout", &d.readout)...)
	for _, p := range d.params {
		p.Reset(uint64(d.o.Seed))
	}
	d.space.readout(d.readout)
	for _, p := range d.params {
		if p.Name == "embeddings.word_embeddings.weight" {
			p.Decay = false
			return d.space.embed(d.teacher, d.tok, p)
		}
	}
	return fmt.Errorf("pretrain: the student has no word embeddings")
}

// sentences tokenises texts, leaving out those too long.
func (d *distiller) sentences(tok tokenizer.Tokenizer, texts []string) []wordSeq {
	var list []wordSeq
	for _, text := range texts {
		if s := words(tok, text); len(s.borders) <= longestWords && len(s.seq.IDs) <= d.o.Length {
			list = append(list, s)
		}
	}
	return list
}

// build makes the training program and one without gradients for held-out sentences. The pooler
// takes no part: it is left as initialised.
func (d *distiller) build() (err error) {
	var thawed []*nn.Param
	for _, l := range d.bb.Layers() {
		if l.Kind != "pooler" {
			thawed = append(thawed, l.Params...)
		}
	}
	thawed = append(thawed, nn.Params("readout", &d.readout)...)
	for _, p := range thawed {
		p.Thaw()
	}
	d.groups = []optim.Group{{Layer: "student", Params: thawed, LR: d.o.LR}}
	if d.opt, err = optim.New("adamw", optim.Options{WeightDecay: 0.01, Beta2: distilBeta2}); err != nil {
		return err
	}
	if d.prog, err = d.program(true); err != nil {
		return err
	}
	d.dev, err = d.program(false)
	return err
}

func (d *distiller) program(train bool) (*nn.Program, error) {
	b := nn.NewBuilder(train)
	last := d.bb.Build(b).Last
	wordsOf := b.Apply(&op.GroupMean{Cols: d.o.Width, Borders: func(b *batch.Batch) []int32 { return b.Groups }}, last)
	said := d.readout.Apply(b, wordsOf, op.Identity)
	loss := b.Apply(&op.MeanSquare{
		Targets:   func(b *batch.Batch) []float32 { return b.Targets },
		Sentences: func(b *batch.Batch) []int32 { return b.Spans },
		Cols:      d.teacher.width, Scale: sentenceScale,
	}, said)
	return b.Build(loss)
}

func (d *distiller) run(ctx context.Context, report func(Progress)) error {
	saved, sum, n := time.Now(), 0.0, 0
	for d.seen < d.o.Tokens {
		if err := ctx.Err(); err != nil {
			return d.stop(err)
		}
		loss, err := d.learn()
		if err != nil {
			return err
		}
		sum, n = sum+loss, n+1
		if d.step%reportEvery == 0 {
			p, err := d.progress(sum / float64(n))
			if err != nil {
				return err
			}
			report(p)
			sum, n = 0, 0
		}
		if time.Since(saved) > d.o.SaveEvery {
			if err := d.save(false); err != nil {
				return err
			}
			saved = time.Now()
		}
	}
	return d.save(true)
}

func (d *distiller) stop(cause error) error {
	if err := d.save(false); err != nil {
		return err
	}
	return fmt.Errorf("pretrain: stopped at step %d, the same command goes on: %w", d.step, cause)
}

func (d *distiller) progress(loss float64) (Progress, error) {
	p := Progress{Step: d.step, Tokens: d.seen, Loss: loss, LR: d.rate(), Seconds: d.seconds()}
	if d.step%devEvery != 0 {
		return p, nil
	}
	var err error
	p.Dev, err = d.measure()
	return p, err
}

func (d *distiller) seconds() float64 { return d.before + time.Since(d.began).Seconds() }

// rate rises over the warm-up and falls to 0 with the tokens seen.
func (d *distiller) rate() float64 {
	seen, all := float64(d.seen), float64(d.o.Tokens)
	return d.o.LR * math.Min((seen+1)/math.Min(warmupTokens, all/10+1), math.Max(0, 1-seen/all))
}

// learn makes one step.
func (d *distiller) learn() (float64, error) {
	b, err := d.next()
	if err != nil {
		return 0, err
	}
	loss, err := d.prog.Run(b, nn.Step{Train: true, Seed: uint64(d.o.Seed), Step: uint64(d.step)})
	if err != nil {
		return 0, err
	}
	if !nn.Finite(loss) {
		return 0, fmt.Errorf("pretrain: loss is %v at step %d, expected a number: lower the learning rate", loss, d.step)
	}
	norms := optim.Measure(d.groups)
	d.opt.Step(d.groups, d.rate()/d.o.LR, optim.ClipScale(norms.Global, 1))
	optim.ZeroGrad(d.groups)
	d.step++
	d.seen += b.Tokens()
	return float64(loss), nil
}

// next collects sentences until a batch is full; the corpus begins again at its end.
func (d *distiller) next() (*batch.Batch, error) {
	var texts []string
	for tokens := 0; tokens < d.o.BatchTokens; d.at++ {
		text := d.train[d.at%len(d.train)]
		texts = append(texts, text)
		tokens += len(text) / 4 // close enough: a token is about four characters
	}
	return d.batchOf(texts)
}

// batchOf packs texts for the student with the teacher's words as targets. A sentence that the
// two cut into different words, or that is too long for either, is left out.
func (d *distiller) batchOf(texts []string) (*batch.Batch, error) {
	var mine, theirs []wordSeq
	for _, text := range texts {
		s, t := words(d.tok, text), words(d.teacher.tok, text)
		if len(s.borders) == len(t.borders) && len(s.borders) <= longestWords &&
			len(s.seq.IDs) <= d.o.Length && len(t.seq.IDs) <= d.teacher.max {
			mine, theirs = append(mine, s), append(theirs, t)
		}
	}
	if len(mine) == 0 {
		return nil, fmt.Errorf("pretrain: no sentence of a whole batch is cut into the same words by student and teacher")
	}
	targets, err := d.teacher.wordStates(theirs)
	if err != nil {
		return nil, err
	}
	d.space.standardise(targets)
	return pack(mine, targets), nil
}

func pack(sentences []wordSeq, targets []float32) *batch.Batch {
	seqs := make([]batch.Sequence, len(sentences))
	for i, s := range sentences {
		seqs[i] = s.seq
	}
	b := batch.Pack(seqs)
	b.Targets, b.Groups, b.Spans = targets, []int32{0}, []int32{0}
	for i, s := range sentences {
		for _, border := range s.borders[1:] {
			b.Groups = append(b.Groups, b.Offsets[i]+border)
		}
		b.Spans = append(b.Spans, int32(len(b.Groups)-1))
	}
	return b
}

// measure is the loss on the held-out sentences, dropout off.
func (d *distiller) measure() (float64, error) {
	sum, n := 0.0, 0
	for from := 0; from < len(d.held); from += 40 {
		b, err := d.batchOf(d.held[from:min(from+40, len(d.held))])
		if err != nil {
			return 0, err
		}
		loss, err := d.dev.Run(b, nn.Step{})
		if err != nil {
			return 0, err
		}
		sum, n = sum+float64(loss), n+1
	}
	return sum / float64(max(n, 1)), nil
}

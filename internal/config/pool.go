package config

import (
	"cmp"
	"runtime"
	"time"
)

// Pool is how connections to a database are kept.
type Pool struct {
	MaxConns, MinIdle                      int
	AcquireTimeout, ConnLifetime, ConnIdle time.Duration
}

const (
	web   = "web" // the preset where none is chosen
	batch = "batch"
)

// presets are the pools by the names of POOL_PRESET.
var presets = map[string]Pool{
	web:          {min(4*runtime.NumCPU(), 30), 2, 2 * time.Second, 30 * time.Minute, 5 * time.Minute},
	batch:        {min(2*runtime.NumCPU(), 10), 1, 30 * time.Second, time.Hour, 10 * time.Minute},
	"serverless": {2, 0, 5 * time.Second, 5 * time.Minute, 30 * time.Second},
}

// Pool is the preset's, with what is set by a variable of its own. A preset keeps
// no more connections than there may be.
func (c *Config) Pool() Pool {
	p := presets[cmp.Or(c.PoolPreset, web)]
	override(&p.MaxConns, c.DBMaxConns)
	p.MinIdle = min(p.MinIdle, p.MaxConns)
	override(&p.MinIdle, c.DBMinIdle)
	override(&p.AcquireTimeout, c.DBAcquireTimeout)
	override(&p.ConnLifetime, c.DBConnLifetime)
	override(&p.ConnIdle, c.DBConnIdle)
	return p
}

// Sheds says whether dear queries are refused while a pool is crowded. Where few
// long ones are asked it is meant to be.
func (c *Config) Sheds() bool {
	sheds := c.PoolPreset != batch
	override(&sheds, c.Shedding)
	return sheds
}

func override[V any](v *V, given *V) {
	if given != nil {
		*v = *given
	}
}

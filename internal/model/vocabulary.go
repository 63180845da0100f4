package model

// vocabulary are the words of random texts: some begin others, some are equal
// only once folded, some mean something to a search engine.
var vocabulary = []string{
	"lamp", "Lamp", "lamps", "LAMPSHADE", "la", "l", "oak", "oaken",
	"été", "e\u0301te\u0301", "ÉTÉ", "ete", "a\u0323\u0307", "a\u0307\u0323", "ạ\u0307",
	"Straße", "STRASSE", "strasse", "STRAẞE", "ﬁsh", "fish", "ŉgoma",
	"İstanbul", "i\u0307stanbul", "istanbul", "ISTANBUL", "ıstanbul",
	"ΣΊΣΥΦΟΣ", "σίσυφος", "Σίσυφοσ", "ᾼδης", "ᾳδης", "αιδησ", "Ω", "\u2126mega", "ωmega",
	"\u212Aelvin", "kelvin", "\u212Bngström", "ångström", "ǅ", "ǆ", "Ǆ",
	"東京", "東京都", "東", "한글", "\u1112\u1161\u11ab글", "क्षि", "क", "น้ำ",
	"123", "12", "١٢٣", "१२", "Ⅷ", "ⅷ", "½", "x²", "𝟘", "𐐀𐐁", "𐐨𐐩", "Ꭰ", "ꭰ",
	"AND", "or", "NOT", "NEAR", "null", "ſa", "sa", "\u0301", "1\uFE0F\u20E3",
}

// separators stand between words; none holds a letter, a mark or a digit.
var separators = []string{
	" ", " ", " ", "-", "_", "'", "’", "\"", "*", ":", "&", "|", "!", "\\", "(", ")", "%", "^", "+", "~", ",", ".", "/",
	"🎉", "👍🏽", "·", "\u00a0", "\u3000", "\u200d", "\u00ad", "<->", "$", "?", "{}", "; --",
}

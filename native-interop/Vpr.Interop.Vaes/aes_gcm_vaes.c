/*
 * AES-GCM by VAES and VPCLMULQDQ: NIST SP 800-38D §7, two blocks an instruction.
 *
 * .NET 10 has no 256-bit form of AESENC, and its native compiler emits the 256-bit PCLMULQDQ only into binaries that no processor without
 * AVX2 can start. So this one function pair is C; whoever lacks the instructions gets AesNiGcm of Vpr.Crypto.
 *
 * Blocks are hashed with their bytes reversed, the hash key is kept times x, and the products of up to POWERS blocks are summed before they are
 * reduced, as Ghash and AesNiGcm in Vpr.Crypto describe. Branches and addresses depend on lengths alone, which are public.
 */
#include <cpuid.h>
#include <immintrin.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

enum { BLOCK = 16, PAIR = 2 * BLOCK, POWERS = 96, BATCH_PAIRS = 8, BATCH = BATCH_PAIRS * PAIR, HALF_PAIRS = 4, HALF = HALF_PAIRS * PAIR };

/* Written by VaesGcmNative.cs. */
struct gcm_key {
    __m128i round[15];      /* round keys; 11 of them for AES-128 */
    uint64_t last[2];       /* the number of the last one; unused */
    __m128i power[POWERS];  /* powers of the hash key, the highest first and the key itself last */
    __m128i folded[POWERS]; /* the halves of each added up, in both halves */
};

/* An unreduced sum of products (Karatsuba), and the place of the power that the next block is multiplied by. */
struct hash {
    __m256i low, middle, high;
    size_t next;
};

INLINE __m256i reversal(void) { return _mm256_broadcastsi128_si256(_mm_set_epi64x(0x0001020304050607, 0x08090a0b0c0d0e0f)); }
INLINE __m128i reversed(__m128i block) { return _mm_shuffle_epi8(block, _mm256_castsi256_si128(reversal())); }
INLINE __m128i load(const uint8_t *block) { return _mm_loadu_si128((const __m128i *)block); }
INLINE void store(uint8_t *block, __m128i value) { _mm_storeu_si128((__m128i *)block, value); }
INLINE __m128i sum_of_lanes(__m256i pair) { return _mm_xor_si128(_mm256_castsi256_si128(pair), _mm256_extracti128_si256(pair, 1)); }
INLINE size_t blocks(size_t length) { return (length + BLOCK - 1) / BLOCK; }

INLINE uint64_t load64(const uint8_t *from) { uint64_t value; memcpy(&value, from, 8); return value; }
INLINE uint32_t load32(const uint8_t *from) { uint32_t value; memcpy(&value, from, 4); return value; }

/* 1 to 15 bytes and zeros behind them, read in two overlapping pieces: in memory the block would have to be put together first. */
INLINE __m128i load_part(const uint8_t *from, size_t length) {
    uint64_t low, high = 0;
    if (length >= 8) {
        low = load64(from);
        high = load64(from + length - 8) >> 8 >> 8 * (15 - length); /* in two steps, because all 64 bits go when the length is 8 */
    } else if (length >= 4) {
        low = load32(from) | (uint64_t)load32(from + length - 4) << 8 * (length - 4);
    } else {
        low = from[0] | (uint64_t)from[length / 2] << 8 * (length / 2) | (uint64_t)from[length - 1] << 8 * (length - 1);
    }
    return _mm_set_epi64x((int64_t)high, (int64_t)low);
}

/* The first 1 to 15 bytes of a block. */
INLINE void store_part(uint8_t *to, __m128i block, size_t length) {
    uint64_t low = (uint64_t)_mm_cvtsi128_si64(block), high = (uint64_t)_mm_extract_epi64(block, 1);
    if (length & 8) { memcpy(to, &low, 8); low = high; to += 8; }
    if (length & 4) { memcpy(to, &low, 4); low >>= 32; to += 4; }
    if (length & 2) { memcpy(to, &low, 2); low >>= 16; to += 2; }
    if (length & 1) *to = (uint8_t)low;
}

/* Zeros behind the first bytes of a block. */
INLINE __m128i first_bytes(__m128i block, size_t length) {
    static const uint8_t kept[2 * BLOCK] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
    return _mm_and_si128(block, load(kept + BLOCK - length));
}

/* Adds the product of two reversed blocks and two powers. */
INLINE void multiply(struct hash *hash, __m256i pair, __m256i power, __m256i folded) {
    __m256i halves = _mm256_xor_si256(pair, _mm256_shuffle_epi32(pair, 0x4e));
    hash->middle = _mm256_xor_si256(hash->middle, _mm256_clmulepi64_epi128(halves, folded, 0x00));
    hash->low = _mm256_xor_si256(hash->low, _mm256_clmulepi64_epi128(pair, power, 0x00));
    hash->high = _mm256_xor_si256(hash->high, _mm256_clmulepi64_epi128(pair, power, 0x11));
}

INLINE void hash_pair(struct hash *hash, const struct gcm_key *key, const uint8_t *text, size_t at) {
    __m256i pair = _mm256_shuffle_epi8(_mm256_loadu_si256((const __m256i *)text), reversal());
    multiply(hash, pair, _mm256_loadu_si256((const __m256i *)&key->power[at]), _mm256_loadu_si256((const __m256i *)&key->folded[at]));
}

INLINE void hash_block(struct hash *hash, const struct gcm_key *key, __m128i block) {
    size_t at = hash->next++;
    multiply(hash, _mm256_zextsi128_si256(block), _mm256_zextsi128_si256(key->power[at]), _mm256_zextsi128_si256(key->folded[at]));
}

INLINE __m128i reduce(const struct hash *hash) {
    const __m128i polynomial = _mm_set_epi64x((int64_t)0xc200000000000000, 0);
    __m128i low = sum_of_lanes(hash->low), middle = sum_of_lanes(hash->middle), high = sum_of_lanes(hash->high);
    middle = _mm_xor_si128(_mm_xor_si128(middle, high), _mm_xor_si128(low, _mm_shuffle_epi32(low, 0x4e)));
    middle = _mm_xor_si128(middle, _mm_clmulepi64_si128(low, polynomial, 0x10));
    return _mm_xor_si128(_mm_xor_si128(high, _mm_shuffle_epi32(middle, 0x4e)), _mm_clmulepi64_si128(middle, polynomial, 0x10));
}

/* All that is left, if there are powers enough; otherwise the window ends with the blocks that go together, or before. */
INLINE size_t first_power(size_t together, size_t after) {
    return together + after <= POWERS ? POWERS - together - after : together < POWERS ? POWERS - together : 0;
}

/* Where the powers are used up: the sum so far is reduced and becomes a part of the next window's. */
INLINE void carry(struct hash *hash, const struct gcm_key *key, size_t together, size_t after) {
    if (hash->next != POWERS) return;
    __m128i sum = reduce(hash);
    *hash = (struct hash){ .next = first_power(together, after) };
    hash_block(hash, key, sum);
    hash->next--;
}

INLINE struct hash hash_associated_data(const struct gcm_key *key, const uint8_t *data, size_t length, size_t after) {
    struct hash hash = { .next = first_power(blocks(length), after) };
    for (; length >= BLOCK; length -= BLOCK, data += BLOCK) {
        carry(&hash, key, blocks(length), after);
        hash_block(&hash, key, reversed(load(data)));
    }
    if (length != 0) {
        carry(&hash, key, 1, after);
        hash_block(&hash, key, reversed(load_part(data, length)));
    }
    return hash;
}

/* Counter mode over as many pairs (§6.5), and between the rounds the hash of as many, from elsewhere or from here before it is changed. */
INLINE void encrypt(const struct gcm_key *key, uint8_t *text, int pairs, __m256i *counter, const uint8_t *hashed, struct hash *hash) {
    const __m256i two = _mm256_set_epi32(0, 0, 0, 2, 0, 0, 0, 2);
    __m256i pair[BATCH_PAIRS], round = _mm256_broadcastsi128_si256(key->round[0]);
#pragma unroll
    for (int i = 0; i < BATCH_PAIRS; i++) {
        if (i >= pairs) break;
        pair[i] = _mm256_xor_si256(_mm256_shuffle_epi8(*counter, reversal()), round);
        *counter = _mm256_add_epi32(*counter, two);
    }
#pragma unroll
    for (int r = 1; r < 10; r++) {
        round = _mm256_broadcastsi128_si256(key->round[r]);
#pragma unroll
        for (int i = 0; i < BATCH_PAIRS; i++)
            if (i < pairs) pair[i] = _mm256_aesenc_epi128(pair[i], round);
        if (hashed != NULL && r <= pairs) hash_pair(hash, key, hashed + (r - 1) * PAIR, hash->next + (size_t)(r - 1) * 2);
    }
    if (hashed != NULL) hash->next += (size_t)pairs * 2;
    for (size_t r = 10; r < key->last[0]; r++) {
        round = _mm256_broadcastsi128_si256(key->round[r]);
#pragma unroll
        for (int i = 0; i < BATCH_PAIRS; i++)
            if (i < pairs) pair[i] = _mm256_aesenc_epi128(pair[i], round);
    }
    round = _mm256_broadcastsi128_si256(key->round[key->last[0]]);
#pragma unroll
    for (int i = 0; i < BATCH_PAIRS; i++) {
        if (i >= pairs) break;
        __m256i *at = (__m256i *)(text + i * PAIR);
        _mm256_storeu_si256(at, _mm256_xor_si256(_mm256_loadu_si256(at), _mm256_aesenclast_epi128(pair[i], round)));
    }
}

INLINE void hash_pairs(struct hash *hash, const struct gcm_key *key, const uint8_t *text, int pairs) {
#pragma unroll
    for (int i = 0; i < BATCH_PAIRS; i++)
        if (i < pairs) hash_pair(hash, key, text + i * PAIR, hash->next + (size_t)i * 2);
    hash->next += (size_t)pairs * 2;
}

/* What is added to the counters of the first pair for those that many blocks later. */
INLINE __m256i at_block(size_t number) { return _mm256_broadcastsi128_si256(_mm_cvtsi32_si128((int)(uint32_t)number)); }

/* Key stream for less than half a batch, and beside it the block that masks the tag. */
INLINE __m128i last_key_stream(const struct gcm_key *key, uint8_t stream[HALF], __m256i counter, __m128i initial) {
    __m256i pair[HALF_PAIRS], round = _mm256_broadcastsi128_si256(key->round[0]);
    __m128i mask = _mm_xor_si128(reversed(initial), key->round[0]);
#pragma unroll
    for (int i = 0; i < HALF_PAIRS; i++) {
        pair[i] = _mm256_xor_si256(_mm256_shuffle_epi8(counter, reversal()), round);
        counter = _mm256_add_epi32(counter, _mm256_set_epi32(0, 0, 0, 2, 0, 0, 0, 2));
    }
    for (size_t r = 1; r < key->last[0]; r++) {
        round = _mm256_broadcastsi128_si256(key->round[r]);
#pragma unroll
        for (int i = 0; i < HALF_PAIRS; i++) pair[i] = _mm256_aesenc_epi128(pair[i], round);
        mask = _mm_aesenc_si128(mask, key->round[r]);
    }
    round = _mm256_broadcastsi128_si256(key->round[key->last[0]]);
#pragma unroll
    for (int i = 0; i < HALF_PAIRS; i++) _mm256_storeu_si256((__m256i *)(stream + i * PAIR), _mm256_aesenclast_epi128(pair[i], round));
    return _mm_aesenclast_si128(mask, key->round[key->last[0]]);
}

/* The last blocks of a text, less than half a batch, and the block of lengths. */
INLINE __m128i finish(
    struct hash *hash, const struct gcm_key *key, uint8_t *text, size_t length, const uint8_t *stream, bool sealing, __m128i lengths) {
    carry(hash, key, 0, blocks(length) + 1);
    for (; length >= BLOCK; length -= BLOCK, text += BLOCK, stream += BLOCK) {
        __m128i from = load(text), to = _mm_xor_si128(from, load(stream));
        store(text, to);
        hash_block(hash, key, reversed(sealing ? to : from));
    }
    if (length != 0) {
        __m128i from = load_part(text, length), to = _mm_xor_si128(from, load(stream));
        store_part(text, to, length);
        hash_block(hash, key, reversed(sealing ? first_bytes(to, length) : from));
    }
    hash_block(hash, key, lengths);
    return reduce(hash);
}

/* In place; returns the tag (§7.1, §7.2). When opening it is the tag of the ciphertext. */
INLINE __m128i run(
    const struct gcm_key *key, const uint8_t *nonce, const uint8_t *data, size_t data_length, uint8_t *text, size_t length, bool sealing) {
    uint8_t stream[HALF], counter_block[BLOCK] = { [15] = 1 };
    memcpy(counter_block, nonce, 12);
    const __m128i initial = reversed(load(counter_block)), lengths = _mm_set_epi64x((int64_t)(data_length * 8), (int64_t)(length * 8));
    __m256i counter = _mm256_add_epi32(_mm256_broadcastsi128_si256(initial), _mm256_set_epi32(0, 0, 0, 2, 0, 0, 0, 1));
    size_t together = length / HALF * HALF, tail = length - together, after = blocks(tail) + 1;

    /* First, because it waits for nothing: in the end nothing would be left to do meanwhile. */
    __m128i mask = last_key_stream(key, stream, _mm256_add_epi32(counter, at_block(together / BLOCK)), initial);
    struct hash hash = hash_associated_data(key, data, data_length, together / BLOCK + after);

    size_t batches = together / BATCH;
    const uint8_t *hashed = text;
    if (sealing && batches != 0) { /* the ciphertext of a batch exists only when it is encrypted: its hash lags one behind */
        encrypt(key, text, BATCH_PAIRS, &counter, NULL, &hash);
        text += BATCH;
        batches--;
    }
    for (; batches != 0; batches--, together -= BATCH, hashed += BATCH, text += BATCH) {
        carry(&hash, key, together / BLOCK, after);
        encrypt(key, text, BATCH_PAIRS, &counter, hashed, &hash);
    }
    if (sealing && together >= BATCH) {
        carry(&hash, key, together / BLOCK, after);
        hash_pairs(&hash, key, hashed, BATCH_PAIRS);
        together -= BATCH;
    }
    if (together != 0) {
        carry(&hash, key, together / BLOCK, after);
        if (!sealing) hash_pairs(&hash, key, text, HALF_PAIRS);
        encrypt(key, text, HALF_PAIRS, &counter, NULL, &hash);
        if (sealing) hash_pairs(&hash, key, text, HALF_PAIRS);
        text += HALF;
    }
    return _mm_xor_si128(reversed(finish(&hash, key, text, tail, stream, sealing, lengths)), mask);
}

/* Whether the processor has all that this file is compiled for, and the system keeps the registers. */
int vpr_aes_gcm_is_supported(void) {
    const unsigned int needed = bit_VAES | bit_VPCLMULQDQ;
    unsigned int eax, ebx, ecx = 0, edx;
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("aes") && __builtin_cpu_supports("pclmul")
        && __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) && (ecx & needed) == needed;
}

void vpr_aes_gcm_seal(
    const struct gcm_key *key, const uint8_t *nonce, const uint8_t *data, size_t data_length, uint8_t *text, size_t length, uint8_t *tag) {
    store(tag, run(key, nonce, data, data_length, text, length, true));
}

int vpr_aes_gcm_open(
    const struct gcm_key *key, const uint8_t *nonce, const uint8_t *data, size_t data_length, uint8_t *text, size_t length, const uint8_t *tag) {
    __m128i difference = _mm_xor_si128(run(key, nonce, data, data_length, text, length, false), load(tag));
    return _mm_testz_si128(difference, difference);
}

/*
 * AES-GCM by VAES and VPCLMULQDQ: NIST SP 800-38D §7, two blocks an instruction.
 *
 * .NET 10 has no 256-bit form of AESENC, and its native compiler emits the 256-bit PCLMULQDQ only into binaries that no processor without
 * AVX2 can start. So this one function pair is C; whoever lacks the instructions gets AesNiGcm of Vpr.Crypto.
 *
 * Blocks are hashed with their bytes reversed and the hash key is kept times x, as Ghash in Vpr.Crypto describes; the products of up to POWERS
 * blocks are summed before they are reduced. Branches and addresses depend on lengths alone, which are public. Loops are written so that they
 * can be unrolled after inlining: an array that is indexed at run time would lie in memory instead of registers, at half the speed.
 */
#include <cpuid.h>
#include <immintrin.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

enum { BLOCK = 16, PAIR = 2 * BLOCK, BATCH_PAIRS = 8, POWERS = 2 * BATCH_PAIRS, BATCH = BATCH_PAIRS * PAIR, HALF_PAIRS = 4, HALF = HALF_PAIRS * PAIR };

/* Written by VaesGcmNative.cs. */
struct gcm_key {
    __m128i round[15];      /* round keys; 11 of them for AES-128 */
    uint64_t last[2];       /* the number of the last one; unused */
    __m128i power[POWERS];  /* powers of the hash key, the highest first and the key itself last */
    __m128i folded[POWERS]; /* the halves of each added up, in both halves */
};

/* An unreduced sum of products (Karatsuba). */
struct sum {
    __m256i low, middle, high;
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
INLINE void multiply(struct sum *sum, __m256i pair, __m256i power, __m256i folded) {
    __m256i halves = _mm256_xor_si256(pair, _mm256_shuffle_epi32(pair, 0x4e));
    sum->middle = _mm256_xor_si256(sum->middle, _mm256_clmulepi64_epi128(halves, folded, 0x00));
    sum->low = _mm256_xor_si256(sum->low, _mm256_clmulepi64_epi128(pair, power, 0x00));
    sum->high = _mm256_xor_si256(sum->high, _mm256_clmulepi64_epi128(pair, power, 0x11));
}

INLINE __m128i reduce(const struct sum *sum) {
    const __m128i polynomial = _mm_set_epi64x((int64_t)0xc200000000000000, 0);
    __m128i low = sum_of_lanes(sum->low), middle = sum_of_lanes(sum->middle), high = sum_of_lanes(sum->high);
    middle = _mm_xor_si128(_mm_xor_si128(middle, high), _mm_xor_si128(low, _mm_shuffle_epi32(low, 0x4e)));
    middle = _mm_xor_si128(middle, _mm_clmulepi64_si128(low, polynomial, 0x10));
    return _mm_xor_si128(_mm_xor_si128(high, _mm_shuffle_epi32(middle, 0x4e)), _mm_clmulepi64_si128(middle, polynomial, 0x10));
}

INLINE struct sum nothing(void) { return (struct sum){ _mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256() }; }

/* Two blocks, to be followed by as many others; what was hashed before them goes into the first. */
INLINE void add_pair(struct sum *sum, const struct gcm_key *key, __m128i before, const uint8_t *text, int followers) {
    const __m128i *power = &key->power[POWERS - 2 - followers], *folded = &key->folded[POWERS - 2 - followers];
    __m256i pair = _mm256_shuffle_epi8(_mm256_loadu_si256((const __m256i *)text), reversal());
    multiply(sum, _mm256_xor_si256(pair, _mm256_zextsi128_si256(before)), _mm256_loadu_si256((const __m256i *)power), _mm256_loadu_si256((const __m256i *)folded));
}

INLINE void add_block(struct sum *sum, const struct gcm_key *key, __m128i block, size_t followers) {
    size_t at = POWERS - 1 - followers;
    multiply(sum, _mm256_zextsi128_si256(block), _mm256_zextsi128_si256(key->power[at]), _mm256_zextsi128_si256(key->folded[at]));
}

INLINE __m128i hash_pairs(const struct gcm_key *key, __m128i hash, const uint8_t *text, int pairs) {
    struct sum sum = nothing();
#pragma unroll
    for (int i = 0; i < BATCH_PAIRS; i++)
        if (i < pairs) add_pair(&sum, key, i == 0 ? hash : _mm_setzero_si128(), text + i * PAIR, 2 * (pairs - 1 - i));
    return reduce(&sum);
}

INLINE __m128i hash_associated_data(const struct gcm_key *key, const uint8_t *data, size_t length) {
    __m128i hash = _mm_setzero_si128();
    while (length != 0) {
        size_t some = length < POWERS * BLOCK ? length : POWERS * BLOCK, followers = blocks(some);
        struct sum sum = nothing();
        length -= some;
        for (; some >= BLOCK; some -= BLOCK, data += BLOCK) {
            add_block(&sum, key, _mm_xor_si128(hash, reversed(load(data))), --followers);
            hash = _mm_setzero_si128();
        }
        if (some != 0) add_block(&sum, key, _mm_xor_si128(hash, reversed(load_part(data, some))), 0);
        hash = reduce(&sum);
    }
    return hash;
}

/* What is added to the counters of a pair for those so many blocks later. */
INLINE __m256i blocks_later(size_t number) { return _mm256_broadcastsi128_si256(_mm_cvtsi32_si128((int)(uint32_t)number)); }

/* Counter mode over as many pairs (§6.5), and between the rounds the hash of as many, from elsewhere or from here before it is changed. */
INLINE void encrypt(const struct gcm_key *key, uint8_t *text, int pairs, __m256i *counter, const uint8_t *hashed, __m128i *hash) {
    struct sum sum = nothing();
    __m256i pair[BATCH_PAIRS], round = _mm256_broadcastsi128_si256(key->round[0]);
#pragma unroll
    for (int i = 0; i < BATCH_PAIRS; i++) {
        if (i >= pairs) continue;
        pair[i] = _mm256_xor_si256(_mm256_shuffle_epi8(*counter, reversal()), round);
        *counter = _mm256_add_epi32(*counter, blocks_later(2));
    }
#pragma unroll
    for (int r = 1; r < 10; r++) {
        round = _mm256_broadcastsi128_si256(key->round[r]);
#pragma unroll
        for (int i = 0; i < BATCH_PAIRS; i++)
            if (i < pairs) pair[i] = _mm256_aesenc_epi128(pair[i], round);
        if (hashed != NULL && r <= pairs) add_pair(&sum, key, r == 1 ? *hash : _mm_setzero_si128(), hashed + (r - 1) * PAIR, 2 * (pairs - r));
    }
    if (hashed != NULL) *hash = reduce(&sum);
    for (size_t r = 10; r < key->last[0]; r++) {
        round = _mm256_broadcastsi128_si256(key->round[r]);
#pragma unroll
        for (int i = 0; i < BATCH_PAIRS; i++)
            if (i < pairs) pair[i] = _mm256_aesenc_epi128(pair[i], round);
    }
    round = _mm256_broadcastsi128_si256(key->round[key->last[0]]);
#pragma unroll
    for (int i = 0; i < BATCH_PAIRS; i++) {
        if (i >= pairs) continue;
        __m256i *at = (__m256i *)(text + i * PAIR);
        _mm256_storeu_si256(at, _mm256_xor_si256(_mm256_loadu_si256(at), _mm256_aesenclast_epi128(pair[i], round)));
    }
}

/* Key stream for less than half a batch, and beside it the block that masks the tag. */
INLINE __m128i last_key_stream(const struct gcm_key *key, uint8_t stream[HALF], __m256i counter, __m128i initial) {
    __m256i pair[HALF_PAIRS], round = _mm256_broadcastsi128_si256(key->round[0]);
    __m128i mask = _mm_xor_si128(reversed(initial), key->round[0]);
#pragma unroll
    for (int i = 0; i < HALF_PAIRS; i++) {
        pair[i] = _mm256_xor_si256(_mm256_shuffle_epi8(counter, reversal()), round);
        counter = _mm256_add_epi32(counter, blocks_later(2));
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
    const struct gcm_key *key, __m128i hash, uint8_t *text, size_t length, const uint8_t *stream, bool sealing, __m128i lengths) {
    struct sum sum = nothing();
    size_t followers = blocks(length);
    for (; length >= BLOCK; length -= BLOCK, text += BLOCK, stream += BLOCK) {
        __m128i from = load(text), to = _mm_xor_si128(from, load(stream));
        store(text, to);
        add_block(&sum, key, _mm_xor_si128(hash, reversed(sealing ? to : from)), followers--);
        hash = _mm_setzero_si128();
    }
    if (length != 0) {
        __m128i from = load_part(text, length), to = _mm_xor_si128(from, load(stream));
        store_part(text, to, length);
        add_block(&sum, key, _mm_xor_si128(hash, reversed(sealing ? first_bytes(to, length) : from)), 1);
        hash = _mm_setzero_si128();
    }
    add_block(&sum, key, _mm_xor_si128(hash, lengths), 0);
    return reduce(&sum);
}

/* In place; returns the tag (§7.1, §7.2). When opening it is the tag of the ciphertext. */
INLINE __m128i run(
    const struct gcm_key *key, const uint8_t *nonce, const uint8_t *data, size_t data_length, uint8_t *text, size_t length, bool sealing) {
    uint8_t stream[HALF];
    const __m128i initial = reversed(_mm_set_epi64x(0x0100000000000000 | load32(nonce + 8), (int64_t)load64(nonce))); /* J0 */
    const __m128i lengths = _mm_set_epi64x((int64_t)(data_length * 8), (int64_t)(length * 8));
    __m256i counter = _mm256_add_epi32(_mm256_broadcastsi128_si256(initial), _mm256_set_epi32(0, 0, 0, 2, 0, 0, 0, 1));
    size_t batches = length / BATCH, tail = length % HALF;
    bool half = length % BATCH >= HALF;

    /* First, because it waits for nothing: in the end nothing would be left to do meanwhile. */
    __m128i mask = last_key_stream(key, stream, _mm256_add_epi32(counter, blocks_later((length - tail) / BLOCK)), initial);
    __m128i hash = hash_associated_data(key, data, data_length);

    const uint8_t *hashed = text;
    if (sealing && batches != 0) { /* the ciphertext of a batch exists only when it is encrypted: its hash lags one behind */
        encrypt(key, text, BATCH_PAIRS, &counter, NULL, &hash);
        text += BATCH;
        batches--;
    }
    for (; batches != 0; batches--, hashed += BATCH, text += BATCH) encrypt(key, text, BATCH_PAIRS, &counter, hashed, &hash);
    if (sealing && hashed != text) hash = hash_pairs(key, hash, hashed, BATCH_PAIRS);
    if (half) {
        encrypt(key, text, HALF_PAIRS, &counter, sealing ? NULL : text, &hash);
        if (sealing) hash = hash_pairs(key, hash, text, HALF_PAIRS);
        text += HALF;
    }
    return _mm_xor_si128(reversed(finish(key, hash, text, tail, stream, sealing, lengths)), mask);
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

/*
 * The rounds of a STACIE key stage with OpenSSL, as C code would write them: what the WebAssembly kernel is compared
 * with. Section 1.5 of the STACIE digest.
 *
 *   cc -O3 stacie-loop.c -o stacie-loop -lcrypto
 *   stacie-loop low-level|evp <rounds> <milliseconds> <base, username, salt and password in hexadecimal>
 *
 * Repeats the stage for about so long; prints rounds a second of processor time, and the stage's outcome.
 */
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { digest_octets = 64, most_input = 4096 };

static double processor_seconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void low_level(unsigned rounds, const unsigned char *input, size_t octets, unsigned char *digest) {
  SHA512_CTX hash;
  for (unsigned round = 0; round < rounds; round++) {
    const unsigned char counter[3] = {round >> 16, round >> 8, round};
    SHA512_Init(&hash);
    if (round > 0) SHA512_Update(&hash, digest, digest_octets);
    SHA512_Update(&hash, input, octets);
    SHA512_Update(&hash, counter, sizeof counter);
    SHA512_Final(digest, &hash);
  }
}

static void evp(unsigned rounds, const unsigned char *input, size_t octets, unsigned char *digest) {
  EVP_MD_CTX *hash = EVP_MD_CTX_new();
  const EVP_MD *kind = EVP_sha512();
  for (unsigned round = 0; round < rounds; round++) {
    const unsigned char counter[3] = {round >> 16, round >> 8, round};
    EVP_DigestInit_ex(hash, kind, NULL);
    if (round > 0) EVP_DigestUpdate(hash, digest, digest_octets);
    EVP_DigestUpdate(hash, input, octets);
    EVP_DigestUpdate(hash, counter, sizeof counter);
    EVP_DigestFinal_ex(hash, digest, NULL);
  }
  EVP_MD_CTX_free(hash);
}

int main(int count, char **words) {
  unsigned char input[most_input], digest[digest_octets];
  if (count != 5 || strlen(words[4]) > 2 * sizeof input) return 2;
  const int is_evp = strcmp(words[1], "evp") == 0;
  const unsigned rounds = (unsigned)strtoul(words[2], NULL, 10);
  const double seconds = strtod(words[3], NULL) / 1000;
  const size_t octets = strlen(words[4]) / 2;
  for (size_t at = 0; at < octets; at++) {
    const char pair[3] = {words[4][2 * at], words[4][2 * at + 1], 0};
    input[at] = (unsigned char)strtoul(pair, NULL, 16);
  }
  double done = 0, passed = 0;
  const double began = processor_seconds();
  do {
    (is_evp ? evp : low_level)(rounds, input, octets, digest);
    done += rounds;
    passed = processor_seconds() - began;
  } while (passed < seconds);
  printf("%.0f ", done / passed);
  for (int at = 0; at < digest_octets; at++) printf("%02x", digest[at]);
  printf("\n");
  return 0;
}

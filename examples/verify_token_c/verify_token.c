// verify_token JWKS-FILE ISSUER AUDIENCE [REVOKED-JTI] < TOKEN: prints the user, or why the token is refused.
//   cc -o verify_token verify_token.c $(pkg-config --cflags --libs rescind)
#include <rescind/rescind.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void must(rescind_error error) {
  if (error == RESCIND_OK) return;
  fprintf(stderr, "%s\n", rescind_error_name(error));
  exit(2);
}

int main(int argc, char** argv) {
  static char jwks[512 * 1024], token[8 * 1024];
  FILE* file = argc < 4 ? NULL : fopen(argv[1], "r");
  if (file == NULL) return 2;
  const size_t jwks_size = fread(jwks, 1, sizeof jwks, file);
  fclose(file);

  rescind_keys* keys = NULL;
  rescind_policy* policy = NULL;
  rescind_index* index = NULL;
  rescind_verifier* verifier = NULL;
  must(rescind_keys_from_jwks(jwks, jwks_size, &keys));
  must(rescind_policy_create(argv[2], argv[3], &policy));
  must(rescind_index_create(&index));
  must(rescind_verifier_create(index, 1024, 4 * 1024 * 1024, &verifier));
  must(rescind_verifier_set_issuers(verifier, (const rescind_policy* const[]){policy}, (const rescind_keys* const[]){keys}, 1));

  const int64_t now = time(NULL);
  if (argc > 4) {
    uint8_t key[RESCIND_KEY_BYTES];
    must(rescind_key_of_token(argv[2], strlen(argv[2]), argv[4], strlen(argv[4]), key));
    must(rescind_index_apply(index, 1, RESCIND_KIND_TOKEN, key, 0, now + 24 * 3600));
  }

  rescind_token* verified = NULL;
  const size_t token_size = fgets(token, sizeof token, stdin) == NULL ? 0 : strcspn(token, "\n");
  const rescind_error error = rescind_verify(verifier, token, token_size, now, &verified);
  if (error == RESCIND_OK) {
    size_t size;
    const char* user = rescind_token_subject(verified, &size);
    fwrite(user, 1, size, stdout);
    putchar('\n');
  } else {
    printf("refused: %s\n", rescind_error_name(error));
  }

  rescind_token_free(verified);
  rescind_verifier_free(verifier);
  rescind_index_free(index);
  rescind_policy_free(policy);
  rescind_keys_free(keys);
  return error == RESCIND_OK ? 0 : 1;
}

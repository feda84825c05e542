// verify_token JWKS-FILE ISSUER AUDIENCE [REVOKED-JTI] < TOKEN: prints the user, or why the token is refused.
#include <rescind/revocation_index.h>
#include <rescind/verifier.h>

#include <fstream>
#include <iostream>
#include <iterator>

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  std::ifstream jwks(argv[1]);
  const auto keys = rescind::KeySet::from_jwks(std::string(std::istreambuf_iterator<char>(jwks), {}));
  if (!keys) return std::cerr << "keys: " << to_string(keys.error()) << '\n', 2;

  const rescind::VerifierPolicy policy{.issuer = argv[2], .audience = argv[3]};
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  rescind::RevocationIndex index;
  if (argc > 4) {
    const rescind::RevocationKey key = rescind::token_key(policy.issuer, argv[4]);
    const rescind::Revocation revocation{.seq = 1, .key = key, .expires = now + policy.max_lifetime};
    if (!index.apply(revocation)) return 2;
  }

  std::string token;
  std::getline(std::cin, token);
  const auto verified = rescind::verify(token, *keys, index, policy, now);
  if (!verified) return std::cout << "refused: " << to_string(verified.error()) << '\n', 1;
  std::cout << verified->claims().subject << '\n';
}

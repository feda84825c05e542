// The relying party of WebAuthn: we, as browsers and authenticators see us.
#ifndef RESCIND_WEBAUTHN_RELYING_PARTY_H_
#define RESCIND_WEBAUTHN_RELYING_PARTY_H_

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "verify/sha256.h"

namespace rescind {

struct RelyingPartySettings {
  std::string id;                        // the RP ID, a domain: "example.com"
  std::string name;                      // for people; empty: the id
  std::vector<std::string> origins;      // of the pages on which a ceremony may take place
  std::vector<std::string> top_origins;  // of other sites' pages that may frame those; usually none
};

// Thread-safety: immutable.
class RelyingParty {
 public:
  // kInvalidRequest, with a message that names the setting: the id is not a lower-case domain; there is no origin; an origin
  // is not written as browsers write it (https://host[:port], no path, no default port; http only for localhost; or
  // android:apk-key-hash:…), or its host is neither the id nor below it. Whether the id is a public suffix ("co.uk") the
  // browser decides.
  static Result<RelyingParty> create(RelyingPartySettings settings);

  const std::string& id() const { return settings_.id; }
  const std::string& name() const { return settings_.name; }
  const Sha256Digest& id_hash() const { return id_hash_; }

  // Both compare byte by byte.
  bool allows(std::string_view origin) const;
  bool may_frame(std::string_view top_origin) const;

 private:
  explicit RelyingParty(RelyingPartySettings settings);
  RelyingPartySettings settings_;
  Sha256Digest id_hash_;
};

}  // namespace rescind

#endif  // RESCIND_WEBAUTHN_RELYING_PARTY_H_

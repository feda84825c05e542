// Where the keys of a trusted issuer come from: this interface, and the source that never changes.
#ifndef RESCIND_ISSUERS_KEY_SOURCE_H_
#define RESCIND_ISSUERS_KEY_SOURCE_H_

#include <cstdint>
#include <memory>
#include <utility>

#include "rescind/key.h"

namespace rescind {

// Whether keys that are not here now may be here in a moment.
enum class KeyOutlook : std::uint8_t { kNone, kOnTheWay };

inline constexpr std::uint64_t kNoKeys = 0;

// Thread-safety: any thread may call any member; none waits for a disk or a network.
class KeySource {
 public:
  virtual ~KeySource() = default;

  // The keys that may be used now; null where there are none, or none young enough.
  virtual std::shared_ptr<const KeySet> find_keys() const = 0;

  // Another number for each set that find_keys() gives, and kNoKeys while it gives none. Takes no lock, so that whoever keeps
  // what follows from a set may ask for every request whether it still does. To be read before the set that it is kept for.
  virtual std::uint64_t version() const = 0;

  // A token named a key that no issuer has: have a look, if it is time for one.
  virtual KeyOutlook ask_for_unknown_key() = 0;
};

// A shared secret, read at start.
class FixedKeys final : public KeySource {
 public:
  explicit FixedKeys(KeySet keys) : keys_(std::make_shared<const KeySet>(std::move(keys))) {}
  std::shared_ptr<const KeySet> find_keys() const override { return keys_; }
  std::uint64_t version() const override { return kNoKeys + 1; }
  KeyOutlook ask_for_unknown_key() override { return KeyOutlook::kNone; }

 private:
  const std::shared_ptr<const KeySet> keys_;
};

}  // namespace rescind

#endif  // RESCIND_ISSUERS_KEY_SOURCE_H_

#include "wire/connection.h"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/core/demangle.hpp>
#include <cerrno>
#include <cstring>
#include <exception>
#include <typeinfo>
#include <utility>

#include "wire/response_writer.h"
#include "wire/worker.h"

namespace rescind {
namespace {

constexpr std::size_t kInitialBuffer = 8 * 1024;
constexpr std::size_t kMaxBatchBytes = 256 * 1024;  // answers that wait in memory before the batch is cut off
constexpr std::size_t kKeptOutput = 16 * 1024;
constexpr std::chrono::seconds kLingerTimeout{2};
constexpr int kDrainReads = 16;  // at once; others have their turn then

}  // namespace

void Connection::serve(Stream stream, std::string peer_address, Worker& worker) {
  auto self = std::make_unique<Connection>(std::move(stream), std::move(peer_address), worker);
  Connection& connection = *self;
  if (worker.readiness().watch(connection.stream_.socket(), connection)) connection.proceed(std::move(self));
}

Connection::Connection(Stream stream, std::string peer_address, Worker& worker)
    : stream_(std::move(stream)),
      worker_(worker),
      peer_address_(std::move(peer_address)),
      buffer_(std::min(kInitialBuffer, std::max<std::size_t>(worker.shared().limits.head_bytes, 1))),
      parser_(worker.shared().limits) {
  worker_.add(*this);
}

Connection::~Connection() { worker_.shared().open->fetch_sub(1, std::memory_order_relaxed); }

void Connection::proceed(Self self) {
  for (;;) {
    switch (send_output()) {
      case Sent::kAll: break;
      case Sent::kNotAll: finish_output(std::move(self)); return;
      case Sent::kFailed: return;
    }
    switch (next_) {
      case Step::kAnswer: next_ = answer_batch(); break;
      case Step::kAwait: await_answer(std::move(self)); return;
      case Step::kClose: linger(std::move(self)); return;
      case Step::kRead:
        if (is_done()) {
          linger(std::move(self));
        } else {
          waiting_ = read_phase_;
          is_readable_ ? worker_.go_on_later(std::move(self)) : park(std::move(self));
        }
        return;
    }
  }
}

void Connection::on_ready(Ready ready) {
  is_readable_ = is_readable_ || ready.to_read || (reads_when_room_ && ready.to_write);
  has_hung_up_ = has_hung_up_ || ready.hung_up;
  if (!parked_) return;  // whoever has it comes to the socket in his turn
  if (waiting_ == Waiting::kForWrite) {
    if (ready.to_write) proceed(std::move(parked_));
  } else if (is_readable_) {
    waiting_ == Waiting::kForHandshake ? worker_.shake_hands_later(std::move(parked_)) : go_on(std::move(parked_));
  }
}

void Connection::go_on(Self self) { waiting_ == Waiting::kForClose ? drain(std::move(self)) : read(std::move(self)); }

// Nearly always the system takes all at once, and there is nothing to wait for.
Connection::Sent Connection::send_output() {
  waiting_ = Waiting::kForNothing;
  while (sent_ < output_.size()) {
    const Transfer sent = stream_.send(std::string_view(output_).substr(sent_));
    if (sent.outcome == Transfer::Outcome::kNeedsRoom) return Sent::kNotAll;
    if (sent.outcome != Transfer::Outcome::kDone) return Sent::kFailed;
    sent_ += sent.bytes;
  }
  sent_ = 0;
  output_.clear();
  if (output_.capacity() > kKeptOutput) output_.shrink_to_fit();
  return Sent::kAll;
}

void Connection::finish_output(Self self) {
  waiting_ = Waiting::kForWrite;
  write_deadline_ = worker_.deadline_in(worker_.shared().limits.write_timeout);
  if (worker_.readiness().watch_for_room_too(stream_.socket(), *this)) park(std::move(self));
}

void Connection::read(Self self) {
  make_room();
  const Transfer received = stream_.receive(buffer_.data() + end_, buffer_.size() - end_);
  reads_when_room_ = received.outcome == Transfer::Outcome::kNeedsRoom;
  switch (received.outcome) {
    case Transfer::Outcome::kDone:
      end_ += received.bytes;
      is_readable_ = has_hung_up_ || received.has_more;  // the end itself is told only once
      break;
    case Transfer::Outcome::kNeedsBytes: is_readable_ = received.has_more; break;  // perhaps the handshake is done now
    case Transfer::Outcome::kNeedsRoom:
      is_readable_ = false;
      if (worker_.readiness().watch_for_room_too(stream_.socket(), *this)) park(std::move(self));
      return;
    case Transfer::Outcome::kEnded: return;
    case Transfer::Outcome::kFailed: on_bad_tls(std::move(self)); return;
  }
  worker_.answer_later(std::move(self));
}

// The alert that says why is on its way.
void Connection::on_bad_tls(Self self) {
  if (read_phase_ == Waiting::kForHandshake) worker_.shared().counters.handshake_failures.increment();
  linger(std::move(self));
}

Connection::Step Connection::answer_batch() {
  const WireLimits& limits = worker_.shared().limits;
  for (std::size_t answered = 0; answered < limits.requests_per_batch && output_.size() < kMaxBatchBytes; ++answered) {
    if (closing_) return Step::kClose;
    switch (const ParseState state = parser_.parse(unread())) {
      case ParseState::kNeedHead:
      case ParseState::kNeedBody: return on_incomplete(state);
      case ParseState::kRefused: refuse(parser_.refusal(), parser_.message()); return Step::kClose;
      case ParseState::kComplete: break;
    }
    parser_.request().peer_address = peer_address_;
    if (!try_answer()) return Step::kAwait;
  }
  return closing_ ? Step::kClose : Step::kAnswer;
}

Connection::Step Connection::on_incomplete(ParseState state) {
  const WireLimits& limits = worker_.shared().limits;
  Waiting phase = Waiting::kForRequest;
  std::chrono::milliseconds timeout = limits.idle_timeout;
  if (stream_.is_handshaking()) {
    phase = Waiting::kForHandshake;
    timeout = limits.head_timeout;
  } else if (state == ParseState::kNeedBody) {
    phase = Waiting::kForBody;
    timeout = limits.body_timeout;
  } else if (!unread().empty()) {
    phase = Waiting::kForHead;
    timeout = limits.head_timeout;
  }
  // One deadline for the whole head and one for the whole body: a byte now and then buys no time (CVE-2007-6750).
  if (read_phase_ != phase) {
    read_phase_ = phase;
    read_deadline_ = worker_.deadline_in(timeout);
  }
  if (state == ParseState::kNeedBody && parser_.expects_continue() && !continue_sent_ &&
      unread().size() == parser_.head_size()) {
    continue_sent_ = true;
    output_.append("HTTP/1.1 100 Continue\r\n\r\n");
  }
  return Step::kRead;
}

bool Connection::try_answer() {
  try {
    Response& response = worker_.fresh_response();
    if (!worker_.shared().handler.try_answer(parser_.request(), response)) return false;
    append(response);
  } catch (...) {
    on_handler_failure();
  }
  finish_request();
  return true;
}

// The request's views stay good: nothing is read, and so nothing moves, until it is answered.
void Connection::await_answer(Self self) {
  waiting_ = Waiting::kForHandler;
  boost::asio::co_spawn(worker_.io(), worker_.shared().handler.answer(parser_.request()),
                        [this, self = std::move(self)](std::exception_ptr failure, const Response& response) mutable {
                          on_answer(std::move(self), std::move(failure), response);
                        });
}

void Connection::on_answer(Self self, std::exception_ptr failure, const Response& response) {
  waiting_ = Waiting::kForNothing;
  try {
    if (failure) std::rethrow_exception(failure);
    append(response);
  } catch (...) {
    on_handler_failure();
  }
  finish_request();
  next_ = Step::kAnswer;
  proceed(std::move(self));
}

void Connection::append(const Response& response) {
  const Persistence persistence = worker_.stopping() ? Persistence::kClose : parser_.persistence();
  const BodyMode mode = parser_.request().method == "HEAD" ? BodyMode::kHeadOnly : BodyMode::kSend;
  if (!append_response(output_, response, mode, persistence, worker_.date())) {
    worker_.shared().log.error("a route's answer cannot be sent", {{"status", std::to_string(response.status)}});
    refuse(Refusal::kInternal, "something went wrong here");
  }
  closing_ = closing_ || persistence == Persistence::kClose;
}

void Connection::refuse(Refusal refusal, std::string_view message) {
  worker_.shared().counters.refusal(refusal).increment();
  closing_ = true;
  const BodyMode mode = unread().starts_with("HEAD ") ? BodyMode::kHeadOnly : BodyMode::kSend;
  const Response response = refusal_response(refusal, message);
  if (!append_response(output_, response, mode, Persistence::kClose, worker_.date())) std::terminate();
}

// Of the exception that is being handled, the type only: what() may quote what the route was working on.
void Connection::on_handler_failure() {
  std::string type = "unknown";
  try {
    throw;
  } catch (const std::exception& exception) {
    type = boost::core::demangle(typeid(exception).name());
  } catch (...) {
  }
  worker_.shared().log.error("a route threw an exception", {{"type", std::move(type)}});
  refuse(Refusal::kInternal, "something went wrong here");
}

void Connection::finish_request() {
  begin_ += parser_.size();
  if (begin_ == end_) {
    begin_ = end_ = 0;
    if (buffer_.size() > 2 * kInitialBuffer) std::vector<char>(kInitialBuffer).swap(buffer_);
  }
  parser_.reset();
  read_phase_ = Waiting::kForNothing;
  continue_sent_ = false;
}

// Grows by doubling, with what has really arrived: a Content-Length alone costs its sender's peer nothing.
void Connection::make_room() {
  if (end_ < buffer_.size()) return;
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    return;
  }
  const std::size_t most = std::max(worker_.shared().limits.head_bytes, parser_.wanted());
  buffer_.resize(std::min(2 * buffer_.size(), most));
}

// Closing with bytes unread resets the connection, and the reset may overtake the answer. So: say that no more comes, and
// read for a while, past TLS: nothing of it counts.
void Connection::linger(Self self) {
  if (stream_.end_output().outcome != Transfer::Outcome::kDone) {
    next_ = Step::kClose;
    finish_output(std::move(self));
    return;
  }
  if (is_done()) return;
  waiting_ = Waiting::kForClose;
  read_deadline_ = worker_.deadline_in(kLingerTimeout);
  drain(std::move(self));
}

void Connection::drain(Self self) {
  if (worker_.sweeps() >= read_deadline_) return;
  for (int reads = 0; reads < kDrainReads; ++reads) {
    const ssize_t received = recv(stream_.socket(), buffer_.data(), buffer_.size(), 0);
    if (received > 0) continue;
    is_readable_ = false;
    if (received < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) park(std::move(self));
    return;
  }
  worker_.go_on_later(std::move(self));
}

// The server stops, and this connection has nothing under way.
bool Connection::is_done() { return worker_.stopping() && unread().empty() && !stream_.has_arrived(); }

// One that is not parked has its turn at once, and the next sweep comes soon.
void Connection::check_deadline() {
  if (!parked_) return;
  switch (waiting_) {
    case Waiting::kForNothing:
    case Waiting::kForHandler: return;
    case Waiting::kForWrite:
      if (worker_.sweeps() < write_deadline_) return;
      worker_.shared().counters.write_timeouts.increment();
      close();
      return;
    case Waiting::kForHandshake:
      if (worker_.sweeps() < read_deadline_) return;
      worker_.shared().counters.handshake_failures.increment();
      close();
      return;
    case Waiting::kForRequest:
    case Waiting::kForClose:
      if (worker_.sweeps() >= read_deadline_) close();
      return;
    case Waiting::kForHead:
    case Waiting::kForBody:
      if (worker_.sweeps() < read_deadline_) return;
      refuse(Refusal::kRequestTimeout, "the request took too long to arrive");
      next_ = Step::kClose;
      proceed(std::move(parked_));
      return;
  }
}

void Connection::close_if_idle() {
  const bool is_idle = waiting_ == Waiting::kForRequest || waiting_ == Waiting::kForHandshake;
  if (waiting_ == Waiting::kForClose || (is_idle && is_done())) close();
}

void Connection::close() {
  static_cast<void>(stream_.end_output());  // as far as it goes: nobody waits for a reader any more
  shutdown(stream_.socket(), SHUT_RDWR);    // for one that somebody works on
  const Self self = std::move(parked_);
}

}  // namespace rescind

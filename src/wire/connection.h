// One connection: reads requests, has them answered, writes the answers.
#ifndef RESCIND_WIRE_CONNECTION_H_
#define RESCIND_WIRE_CONNECTION_H_

#include <boost/intrusive/list_hook.hpp>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/message.h"
#include "wire/readiness.h"
#include "wire/request_parser.h"
#include "wire/stream.h"

namespace rescind {

class Worker;

// Not a coroutine, although the routes are: the two resumptions of each request would cost more than all that is parsed of it.
//
// At any time one owner holds the connection: whoever works on it, the handler's coroutine, one of the worker's lists of those
// to go on with, or, while it waits for its socket, the connection itself. The worker's list of all only refers to it.
// Thread-safety: its worker's thread.
class Connection : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  // Answers the requests of `stream` from now on.
  static void serve(Stream stream, std::string peer_address, Worker& worker);

  Connection(Stream stream, std::string peer_address, Worker& worker);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void on_ready(Ready ready);
  // Reads on; `self` is this connection. What has arrived is for the worker's answer_later().
  void go_on(std::unique_ptr<Connection> self);
  // Parses and answers what was read, as far as that goes without waiting for anything.
  void answer() { next_ = answer_batch(); }
  // Sends the answers, and does what comes next.
  void proceed(std::unique_ptr<Connection> self);

  // Ends it where it has been waiting for too long.
  void check_deadline();
  // Ends it unless a request has begun.
  void close_if_idle();
  void close();

 private:
  // This connection. Who drops it ends the connection.
  using Self = std::unique_ptr<Connection>;

  // What comes next, once output_ is sent.
  enum class Step : std::uint8_t {
    kAnswer,  // there may be requests in the buffer
    kRead,    // more bytes are needed
    kAwait,   // the parsed request needs the handler's coroutine
    kClose,
  };
  enum class Sent : std::uint8_t { kAll, kNotAll, kFailed };
  enum class Waiting : std::uint8_t {
    kForNothing,
    kForHandshake,  // of TLS
    kForRequest,
    kForHead,
    kForBody,
    kForHandler,
    kForWrite,
    kForClose,
  };

  Sent send_output();
  void finish_output(Self self);
  void park(Self self) { parked_ = std::move(self); }
  void read(Self self);
  void on_bad_tls(Self self);
  void await_answer(Self self);
  void on_answer(Self self, std::exception_ptr failure, const Response& response);
  void linger(Self self);
  void drain(Self self);

  Step answer_batch();
  Step on_incomplete(ParseState state);
  bool try_answer();
  void append(const Response& response);
  void refuse(Refusal refusal, std::string_view message);
  void on_handler_failure();
  void finish_request();

  void make_room();
  bool is_done();
  std::string_view unread() const { return {buffer_.data() + begin_, end_ - begin_}; }

  Stream stream_;
  Worker& worker_;
  const std::string peer_address_;
  Self parked_;                   // this connection, while it waits for its socket
  bool is_readable_ = false;      // something was there, and has not all been read
  bool has_hung_up_ = false;      // the peer sends no more than what is there
  bool reads_when_room_ = false;  // TLS has something to say before it can read on

  std::vector<char> buffer_;
  std::size_t begin_ = 0;  // of the request that is being read
  std::size_t end_ = 0;    // of what has arrived
  RequestParser parser_;
  std::string output_;
  std::size_t sent_ = 0;  // of output_
  Step next_ = Step::kAnswer;
  bool closing_ = false;
  bool continue_sent_ = false;

  Waiting waiting_ = Waiting::kForNothing;
  Waiting read_phase_ = Waiting::kForNothing;  // what the deadline below is for
  std::uint64_t read_deadline_ = 0;            // in the worker's sweeps
  std::uint64_t write_deadline_ = 0;
};

}  // namespace rescind

#endif  // RESCIND_WIRE_CONNECTION_H_

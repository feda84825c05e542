// One connection: reads requests, has them answered, writes the answers.
#ifndef RESCIND_WIRE_CONNECTION_H_
#define RESCIND_WIRE_CONNECTION_H_

#include <boost/asio/ip/tcp.hpp>
#include <boost/intrusive/list_hook.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/async.h"
#include "http/message.h"
#include "wire/request_parser.h"

namespace rescind {

class Worker;

// Lives in the frame of its own coroutine; the worker's list only refers to it.
// Thread-safety: its worker's thread. Member functions other than serve() may be called while serve() is suspended.
class Connection : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  Connection(boost::asio::ip::tcp::socket socket, Worker& worker);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Until the connection is over.
  Task<void> serve();

  // Ends it where it has been waiting for too long.
  void check_deadline();
  // Ends it unless a request has begun.
  void close_if_idle();
  void close();

 private:
  enum class Step : std::uint8_t {
    kRead,   // more bytes are needed
    kWrite,  // the batch is full; there may be more requests in the buffer
    kAwait,  // the parsed request needs the handler's coroutine
    kClose,  // after what stands in output_
  };
  enum class Waiting : std::uint8_t { kForNothing, kForRequest, kForHead, kForBody, kForHandler, kForWrite, kForClose };

  Step answer_batch();
  Step on_incomplete(ParseState state);
  bool try_answer();
  Task<void> await_answer();
  void append(const Response& response);
  void refuse(Refusal refusal, std::string_view message);
  void on_handler_failure(std::string_view type);
  void finish_request();

  void make_room();
  bool is_done();
  std::string_view unread() const { return {buffer_.data() + begin_, end_ - begin_}; }
  Task<void> linger();

  boost::asio::ip::tcp::socket socket_;
  Worker& worker_;
  std::string peer_address_;

  std::vector<char> buffer_;
  std::size_t begin_ = 0;  // of the request that is being read
  std::size_t end_ = 0;    // of what has arrived
  RequestParser parser_;
  std::string output_;
  bool closing_ = false;
  bool continue_sent_ = false;

  Waiting waiting_ = Waiting::kForNothing;
  Waiting read_phase_ = Waiting::kForNothing;  // what the deadline below is for
  std::uint64_t read_deadline_ = 0;            // in the worker's sweeps
  std::uint64_t write_deadline_ = 0;
  bool timed_out_ = false;
};

Task<void> serve_connection(boost::asio::ip::tcp::socket socket, Worker& worker);

}  // namespace rescind

#endif  // RESCIND_WIRE_CONNECTION_H_

// One connection: reads requests, has them answered, writes the answers.
#ifndef RESCIND_WIRE_CONNECTION_H_
#define RESCIND_WIRE_CONNECTION_H_

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
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
#include "wire/operation_memory.h"
#include "wire/request_parser.h"

namespace rescind {

class Worker;

// Not a coroutine, although the routes are: the two resumptions of each request would cost more than all that is parsed of it.
//
// At any time one operation is pending (a read, a write, the handler), and that operation owns the connection. The worker's
// list only refers to it.
// Thread-safety: its worker's thread.
class Connection : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  // The executor's type is spelt out: a type-erased one costs at every operation.
  using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

  // Answers the requests of `socket` from now on.
  static void serve(Socket socket, Worker& worker);

  Connection(Socket socket, Worker& worker);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Waits for the next bytes of `self`, which is this connection.
  void read(std::unique_ptr<Connection> self);

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
  enum class Waiting : std::uint8_t { kForNothing, kForRequest, kForHead, kForBody, kForHandler, kForWrite, kForClose };

  void proceed(Self self);
  Sent send_output();
  void finish_output(Self self);
  void on_read(Self self, const boost::system::error_code& error, std::size_t received);
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

  // An operation's handler, with the memory for the operation.
  template <class F>
  auto pending(F handler) {
    return boost::asio::bind_allocator(OperationAllocator<void>(memory_), std::move(handler));
  }

  OperationMemory memory_;
  Socket socket_;
  Worker& worker_;
  std::string peer_address_;

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
  bool timed_out_ = false;
};

}  // namespace rescind

#endif  // RESCIND_WIRE_CONNECTION_H_

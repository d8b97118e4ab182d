curl 'https://api.example.test/api/user/7?a=b%20c' \
  -X 'PATCH' \
  -H 'accept: application/json' \
  -H 'authorization: Bearer abc.def' \
  -b 'theme=dark; sid=xyz' \
  -H 'content-type: application/json' \
  --data-raw $'{"name":"O\'Brien \u00fc\\u1234"}' \
  --compressed ;
